"""A Streamlit page with one line on it: the floor the landing page is measured against."""

import streamlit as st

st.text("floor")
