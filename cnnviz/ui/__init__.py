"""The only helpers that know streamlit: state, controls, parts."""
