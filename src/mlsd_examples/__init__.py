"""Lesson code of *ML System Design: the comprehensive guide*.

Each subject package holds one module per noun of the field; each module
docstring names the production library to call instead.
"""
