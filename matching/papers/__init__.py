"""Council papers: what one says is read out of its file, as quotations with their place.

files → lines → parts → dates, costs, offices, sentences → reading. Must not store anything, and not import views.
"""
