"""Texts and tables: lines and fields without end, encodings that lie, markup and formulas that must stay text."""

from __future__ import annotations

from tests.ingest.hostile.case import FAILED, IN_PART, READ, REFUSED, UNSUPPORTED, Case
from tests.ingest.hostile.office import FETCHED, LAUGHS, OUTSIDE
from tests.ingest.making import docx, pdf, text_page

CASES: tuple[Case, ...] = (
    Case("empty.pdf", lambda: b"", (READ,)),
    Case("one byte.docx", lambda: b"x", (READ,), "x"),
    Case("one zero.xls", lambda: b"\0", (UNSUPPORTED,)),
    Case("zeros.bin", lambda: bytes(100_000), (UNSUPPORTED,)),
    Case("pdf called.docx", lambda: pdf(*text_page(b"a pdf after all")), (READ,), "a pdf after all"),
    Case("docx called.pdf", lambda: docx("<w:p><w:r><w:t>a docx after all</w:t></w:r></w:p>"), (READ,), "a docx after all"),
    Case("html called.jpg", lambda: b"<html><body>a page after all</body></html>", (READ,), "a page after all"),
    Case("billion laughs.xml", (LAUGHS + "<z>&a9;</z>").encode, (IN_PART,)),
    Case("quadratic.xml", lambda: b"<!DOCTYPE z [<!ENTITY a '" + b"x" * 100_000 + b"'>]><z>" + b"&a;" * 10_000 + b"</z>", (IN_PART,)),
    Case("outside entity.xml", (OUTSIDE + "<z>&x;</z>").encode, (IN_PART,)),
    Case("outside dtd.xml", ("<?xml version='1.0'?>" + FETCHED + "<z>kept</z>").encode, (READ,), "kept"),
    Case("include.xml", lambda: b"<?xml version='1.0'?><z xmlns:i='http://www.w3.org/2001/XInclude'>"
         b"<i:include href='file:///etc/passwd' parse='text'/>kept</z>", (READ,), "kept"),
    Case("200,000 deep.xml", lambda: b"<?xml version='1.0'?>" + b"<a>" * 200_000 + b"</a>" * 200_000, (IN_PART,)),
    Case("stylesheet.xml", lambda: b"<?xml version='1.0'?><?xml-stylesheet href='http://127.0.0.1:9/'?><z>kept</z>", (READ,), "kept"),
    Case("open quote.csv", lambda: b'a,b,c\n1,"' + b"x,y\n" * 100_000, (READ,)),
    Case("million columns.csv", lambda: b"," * 1_000_000 + b"\nx", (REFUSED,)),
    Case("million rows.csv", lambda: b"1,2,3\n" * 300_000, (READ,)),
    Case("ragged to fill memory.csv", lambda: b"a,b\n" * 100_000 + b"," * 10_000, (REFUSED,)),
    Case("formulas.csv", lambda: b"name,value,x\n=1+1,@SUM(A1),+cmd|'/C calc'!A0\n-2,\t=3,z\n", (READ,), "=1+1"),
    Case("zeros inside.csv", lambda: b"a,b,c\n1\0,2,3\n", (READ, UNSUPPORTED)),
    Case("field of 20 MB.csv", lambda: b'a,b,c\n1,2,"' + b"x" * 20_000_000 + b'"\n', (READ, REFUSED)),
    Case("word of 1 MB.txt", lambda: b"w" * 1_000_000, (READ,)),
    Case("seven bits.txt", lambda: b"+ADw-script+AD4-alert(1)+ADw-/script+AD4-", (READ,), "+ADw-script"),
    Case("both directions.txt", "abc\u202edcba\u202c \u2066x\u2069 end".encode, (READ,), "end"),
    Case("mixed encodings.txt", lambda: "维吾尔 ئۇيغۇر".encode() + "\n喀什".encode("gbk") + b"\n\xff\xfe", (READ, IN_PART)),
    Case("halves of characters.txt", lambda: b"\xff\xfe" + b"a\0\x00\xd8b\0\x00\xdc", (READ, IN_PART)),
    Case("overlong.txt", lambda: b"plain \xc0\xaf\xe0\x80\xaf more plain text", (READ, IN_PART)),
    Case("escapes.txt", lambda: b"plain \x1b[2J\x1b]0;title\x07 text that goes on for a while " * 3, (READ,), "plain"),
    Case("100,000 deep.json", lambda: b"[" * 100_000 + b"]" * 100_000, (IN_PART, REFUSED)),
    Case("number of 100,000 digits.json", lambda: b'[{"a":' + b"9" * 100_000 + b"}]", (READ, IN_PART)),
    Case("same key twice.json", lambda: b'[{"a":1,"a":2}]', (READ,)),
    Case("half broken.jsonl", lambda: b'{"a":1}\n{"a":\n{"a":3}\n', (IN_PART,), "1\n3"),
    Case("rows of many keys.json", lambda: b"[" + b",".join(b'{"k%d":1}' % n for n in range(5000)) + b"]", (READ,)),
    Case("script.html", lambda: b"<p>before<script>document.cookie</script><img src=x onerror=alert(1)>after</p>", (READ,), "after"),
    Case("mutation.html", lambda: b"<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>"
         b"</table></math><p>end</p>", (READ,)),
    Case("20,000 deep.html", lambda: b"<div>" * 20_000 + b"bottom", (READ, REFUSED), "bottom"),
    Case("a million tags.html", lambda: b"<html><body>" + b"<br>" * 500_000 + b"end</body>", (READ,), "end"),
    Case("attributes without end.html", lambda: b"<html><p " + b"a=1 " * 200_000 + b">end</p></html>", (READ,), "end"),
    Case("charset that lies.html", "<html><meta charset='utf-7'><p>维吾尔</p></html>".encode, (READ,), "维吾尔"),
    Case("hidden.html", lambda: b"<html><p style='display: none'>concealed</p></html>", (READ,), "concealed"),
    Case("template.html", lambda: b"<html><p>{{ 7*7 }} {% include '/etc/passwd' %} ${7*7}</p></html>", (READ,), "{{ 7*7 }}"),
    Case("not even a page.html", lambda: b"\xff\xfe\xfd" + bytes(range(128, 256)) * 30, (READ, IN_PART, UNSUPPORTED, FAILED)),
)  # fmt: skip
