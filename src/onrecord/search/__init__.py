"""Full text over everything ingested, in Chinese, Uyghur, Arabic, Cyrillic and Latin script."""
