/* A change by hand, worked out in the browser exactly as the program does: at each value of the shift that members
   share they are independent, so the counts of yes and no follow by convolution; then the values are weighted. */
(() => {
  'use strict';
  const holder = document.getElementById('forecast-data');
  const section = document.getElementById('by-hand');
  if (!holder || !section) return;
  const { rule, members, nodes, weights } = JSON.parse(holder.textContent);
  const result = document.getElementById('by-hand-result');
  const selects = [...section.querySelectorAll('select')];
  const CERTAIN = { yes: [1, 0, 0], abstain: [0, 1, 0], no: [0, 0, 1] };
  const ADOPTED = {
    'simple-majority': (yes, no) => yes > no,
    'two-thirds': (yes, no) => yes > 0 && yes >= 2 * no,
    'one-third-request': (yes) => 3 * yes >= members.length,
  };

  const set = () => new Map(selects.filter((s) => s.value).map((s) => [s.dataset.member, s.value]));

  /* counts[yes][no] after all members, for one value of the shift */
  const counts = (chances) => {
    const size = members.length + 1;
    let table = new Float64Array(size * size);
    table[0] = 1;
    chances.forEach(([yes, abstain, no], done) => {
      const next = new Float64Array(size * size);
      for (let y = 0; y <= done; y += 1) {
        for (let n = 0; n + y <= done; n += 1) {
          const p = table[y * size + n];
          if (p === 0) continue;
          next[(y + 1) * size + n] += p * yes;
          next[y * size + n] += p * abstain;
          next[y * size + n + 1] += p * no;
        }
      }
      table = next;
    });
    return table;
  };

  const foretold = (byHand) => {
    const size = members.length + 1;
    const total = new Float64Array(size * size);
    nodes.forEach((node, at) => {
      const chances = node.map((chance, m) => CERTAIN[byHand.get(members[m])] ?? chance);
      counts(chances).forEach((p, cell) => { total[cell] += weights[at] * p; });
    });
    let adopted = 0;
    let yesExpected = 0;
    let noExpected = 0;
    total.forEach((p, cell) => {
      const yes = Math.floor(cell / size);
      const no = cell % size;
      if (ADOPTED[rule](yes, no)) adopted += p;
      yesExpected += p * yes;
      noExpected += p * no;
    });
    return { adopted, yesExpected, noExpected };
  };

  const remember = (byHand) => {
    const params = new URLSearchParams(location.search);
    const text = [...byHand].map(([member, vote]) => `${member}:${vote}`).join(',');
    if (text) params.set('set', text); else params.delete('set');
    const query = params.toString();
    try {
      history.replaceState(null, '', (query ? `?${query}` : location.pathname) + location.hash);
    } catch { /* a page opened from a disk; the numbers are right all the same */ }
  };

  const show = () => {
    const byHand = set();
    const { adopted, yesExpected, noExpected } = foretold(byHand);
    const changed = byHand.size === 0 ? 'As foretold' : `With ${byHand.size} set by hand`;
    result.textContent = `${changed}: adopted with probability ${adopted.toFixed(2)}; `
      + `${yesExpected.toFixed(1)} yes and ${noExpected.toFixed(1)} no expected.`;
    remember(byHand);
  };

  for (const pair of (new URLSearchParams(location.search).get('set') ?? '').split(',')) {
    const [member, vote] = pair.split(':');
    const select = selects.find((s) => s.dataset.member === member);
    if (select && vote in CERTAIN) select.value = vote;
  }
  selects.forEach((select) => select.addEventListener('change', show));
  section.hidden = false;
  show();
})();
