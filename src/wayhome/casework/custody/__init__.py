"""Who answers for a child, from the first minute on, without a gap; and who may never have it."""
