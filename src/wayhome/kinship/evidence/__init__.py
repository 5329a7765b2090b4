"""What is known beside DNA: age, sex, blood group, marks, belongings, place and date, names."""
