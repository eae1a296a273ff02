"""Adding and correcting entries in a browser: forms made from the model, checked by what checks `onrecord enter`."""
