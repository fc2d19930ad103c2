"""The ground floor: what is true of money, points and a programme, without a clock, a file or a network."""
