# The help in English is the argument definitions' own.
