"""WeChat Official Account: seal, parse, word and send; knows no table and no conversation."""
