/* Search in a frozen copy: the same folding and the same rule as the server, over search/index.json. */
(() => {
  'use strict';
  const here = document.getElementById('hits-here');
  const field = document.getElementById('q');
  if (!here || !field) return;
  const folded = (text) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const shown = 200;

  const say = (words) => {
    const line = document.createElement('p');
    line.className = 'finding';
    line.textContent = words;
    here.replaceChildren(line);
  };

  /* The words around the first that was asked for, with every word marked that holds one. */
  const excerpt = (text, wanted) => {
    const words = text.split(/\s+/);
    const holds = (word) => wanted.some((one) => folded(word).includes(one));
    const first = Math.max(0, words.findIndex(holds));
    const [from, to] = [Math.max(0, first - 8), Math.min(words.length, first + 16)];
    const parts = words.slice(from, to).flatMap((word) => {
      if (!holds(word)) return [`${word} `];
      const mark = document.createElement('mark');
      mark.textContent = word;
      return [mark, ' '];
    });
    return [from ? '… ' : '', ...parts, to < words.length ? '…' : ''];
  };

  const list = (hits, wanted) => {
    const items = document.createElement('ul');
    items.className = 'links';
    for (const hit of hits.slice(0, shown)) {
      const item = document.createElement('li');
      const link = document.createElement('a');
      link.href = `../${encodeURI(hit.path)}`;
      link.textContent = hit.title;
      item.append(link, ` (${hit.kind})`, document.createElement('br'), ...excerpt(hit.text, wanted));
      items.append(item);
    }
    here.append(items);
  };

  const search = (index, wanted) => {
    const all = (text) => wanted.every((word) => text.includes(word));
    const hits = index.filter((item) => all(folded(item.text)));
    return [...hits.filter((h) => all(folded(h.title))), ...hits.filter((h) => !all(folded(h.title)))];
  };

  const words = (new URLSearchParams(location.search).get('q') ?? '').trim();
  field.value = words;
  if (!words) return;
  say('Searching …');
  fetch(here.dataset.index).then((answer) => answer.json()).then((index) => {
    const wanted = folded(words).split(/\s+/).filter(Boolean);
    const hits = search(index, wanted);
    say(`${hits.length} ${hits.length === 1 ? 'entry has' : 'entries have'} all of these words.`);
    list(hits, wanted);
  }).catch(() => say('The index could not be read, so nothing was searched. A copy opened from a disk needs a file server.'));
})();
