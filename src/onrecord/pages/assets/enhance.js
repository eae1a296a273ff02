/* Comfort for readers with scripts: sort and filter tables, copy a citation. Every page is whole without it.
   The address carries what was chosen, so that a view can be sent to somebody: ?signers.q=mal&signers.sort=2.desc */
(() => {
  'use strict';

  const params = () => new URLSearchParams(location.search);

  const remember = (name, value) => {
    const all = params();
    if (value) all.set(name, value); else all.delete(name);
    const query = all.toString();
    try {
      history.replaceState(null, '', (query ? `?${query}` : location.pathname) + location.hash);
    } catch { /* some browsers refuse this for a page opened from a disk; the table works all the same */ }
  };

  const sortValue = (row, column) => {
    const cell = row.cells[column];
    if (!cell) return '';
    return cell.dataset.sort ?? cell.textContent.trim();
  };

  /* Numbers by size, anything else by the rules of the page's language; empty cells always last. */
  const compare = (language, direction) => (a, b) => {
    if (a === '' || b === '') return (a === '') - (b === '');
    const x = Number(a), y = Number(b);
    const order = Number.isNaN(x) || Number.isNaN(y) ? a.localeCompare(b, language, { numeric: true }) : x - y;
    return direction === 'desc' ? -order : order;
  };

  const sort = (table, column, direction) => {
    const body = table.tBodies[0];
    const order = compare(document.documentElement.lang, direction);
    const rows = [...body.rows].map((row) => [sortValue(row, column), row]);
    rows.sort((a, b) => order(a[0], b[0]));
    body.append(...rows.map(([, row]) => row));
    [...table.tHead.rows[0].cells].forEach((head, i) => {
      if (i === column) head.setAttribute('aria-sort', direction === 'desc' ? 'descending' : 'ascending');
      else head.removeAttribute('aria-sort');
    });
  };

  const makeSortable = (table) => {
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      if (!head.textContent.trim()) return;
      const button = document.createElement('button');
      button.type = 'button';
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener('click', () => {
        const direction = head.getAttribute('aria-sort') === 'ascending' ? 'desc' : 'asc';
        sort(table, column, direction);
        remember(`${table.id}.sort`, `${column}.${direction}`);
      });
    });
    const chosen = /^(\d+)\.(asc|desc)$/.exec(params().get(`${table.id}.sort`) ?? '');
    if (chosen && Number(chosen[1]) < table.tHead.rows[0].cells.length) sort(table, Number(chosen[1]), chosen[2]);
  };

  const folded = (text) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase();

  const makeFilterable = (table) => {
    const rows = [...table.tBodies[0].rows].map((row) => [row, folded(row.textContent)]);
    if (rows.length < 8) return;
    const box = document.createElement('div');
    const label = document.createElement('label');
    const input = document.createElement('input');
    const said = document.createElement('output');
    box.className = 'filter';
    input.type = 'search';
    input.id = `${table.id}-filter`;
    label.htmlFor = input.id;
    label.textContent = table.dataset.filterWords;
    said.htmlFor = input.id;
    box.append(label, input, said);
    const frame = table.closest('.table');
    frame.before(box);

    const apply = () => {
      const words = folded(input.value).split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const [row, text] of rows) {
        row.hidden = !words.every((word) => text.includes(word));
        shown += !row.hidden;
      }
      said.textContent = words.length ? `${shown} / ${rows.length}` : '';
    };
    input.addEventListener('input', () => {
      apply();
      remember(`${table.id}.q`, input.value.trim());
    });
    input.value = params().get(`${table.id}.q`) ?? '';
    apply();
  };

  const makeCopyable = (block) => {
    if (!navigator.clipboard) return;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'copy';
    button.textContent = block.dataset.copyWords;
    block.after(button);
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(block.textContent.trim());
      button.textContent = block.dataset.copiedWords;
    });
  };

  document.querySelectorAll('table[data-enhance]').forEach((table) => {
    makeSortable(table);
    makeFilterable(table);
  });
  document.querySelectorAll('[data-copy-words]').forEach(makeCopyable);
})();
