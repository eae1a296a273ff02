"""One module a family of pages: each a function from what was asked to a :class:`onrecord.pages.page.Page`."""
