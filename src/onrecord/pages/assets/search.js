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

  const list = (hits) => {
    const items = document.createElement('ul');
    items.className = 'links';
    for (const hit of hits.slice(0, shown)) {
      const item = document.createElement('li');
      const link = document.createElement('a');
      link.href = `../${encodeURI(hit.path)}`;
      link.textContent = hit.title;
      item.append(link, ` (${hit.kind})`);
      items.append(item);
    }
    here.append(items);
  };

  const search = (index, words) => {
    const wanted = folded(words).split(/\s+/).filter(Boolean);
    const all = (text) => wanted.every((word) => text.includes(word));
    const hits = index.filter((item) => all(item.text));
    return [...hits.filter((h) => all(folded(h.title))), ...hits.filter((h) => !all(folded(h.title)))];
  };

  const words = (new URLSearchParams(location.search).get('q') ?? '').trim();
  field.value = words;
  if (!words) return;
  say('Searching …');
  fetch(here.dataset.index).then((answer) => answer.json()).then((index) => {
    const hits = search(index, words);
    say(`${hits.length} ${hits.length === 1 ? 'entry has' : 'entries have'} all of these words.`);
    list(hits);
  }).catch(() => say('The index could not be read, so nothing was searched. A copy opened from a disk needs a file server.'));
})();
