"""What a learner does with a run: change it, train it, be asked about it, check it."""
