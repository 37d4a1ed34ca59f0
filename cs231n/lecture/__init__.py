"""What students write in VisualizingAndUnderstanding, complete; a student's folder lacks this one as a whole.

`formulas` has the functions that `cs231n.techniques` takes as arguments, `complete` those techniques with the formulas
filled in, and the other modules have one technique each. `gallery` shows all of them on one picture.
"""
