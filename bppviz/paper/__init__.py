"""What is seen where nothing runs: a stop as a still picture, with its formula and sentence."""
