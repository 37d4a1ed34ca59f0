"""Diagnosis: from wrong observations to the name of the mistake, or to a description."""
