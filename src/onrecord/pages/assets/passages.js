/* Comfort on a document's page: what a reader selects in the text goes into the form that makes an entry of it.
   Without scripts the words are copied by hand; the server checks them either way. */
(() => {
  'use strict';

  const form = document.getElementById('marking');
  const around = 32;

  const fill = () => {
    const selection = document.getSelection();
    if (!selection || selection.isCollapsed) return;
    const range = selection.getRangeAt(0);
    const holder = range.commonAncestorContainer;
    const piece = (holder.nodeType === Node.ELEMENT_NODE ? holder : holder.parentElement).closest('.piece');
    if (!piece) return;
    const side = (start, startAt, end, endAt) => {
      const part = document.createRange();
      part.setStart(start, startAt);
      part.setEnd(end, endAt);
      return part.toString().replace(/\s+/g, ' ');
    };
    form.elements.exact.value = selection.toString();
    form.elements.prefix.value = side(piece, 0, range.startContainer, range.startOffset).slice(-around);
    form.elements.suffix.value = side(range.endContainer, range.endOffset, piece, piece.childNodes.length).slice(0, around);
  };

  if (form) document.addEventListener('selectionchange', fill);
})();
