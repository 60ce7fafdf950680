"""The steps behind the scripts: standard library only, as no environment exists yet."""
