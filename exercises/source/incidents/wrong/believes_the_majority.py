# expected-score: 13
# token: practice: two against one
# mistake: Believes the two copies that agree, and reads times and clocks from them.
# says: whoever edits one can edit its backup
# %% copies
first, second, third = variant.copies
true_copy = first if variant.copies[first] in (variant.copies[second], variant.copies[third]) else second
edited = "login"
