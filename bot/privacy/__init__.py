"""Personal data of shoppers: masked, told to them, taken out and erased."""
