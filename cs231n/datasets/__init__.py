"""Where every picture and weight of the course comes from, so that nothing has to be downloaded by hand."""
