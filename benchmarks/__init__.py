"""What the tracker costs, each line beside the least that the same work could cost (``make bench``)."""
