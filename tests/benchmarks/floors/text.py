"""A page that changes one line of text at a click inside a part of its own: the floor of every change that is sent."""

import streamlit as st

HTML = "<button>change</button>"
JS = """
const CLICKS = new WeakMap();
export default function ({ parentElement, setStateValue }) {
  const button = parentElement.querySelector("button");
  button.onclick = () => {
    CLICKS.set(button, (CLICKS.get(button) ?? 0) + 1);
    setStateValue("event", { n: CLICKS.get(button) });
  };
}
"""

part = st.components.v2.component("floor", html=HTML, js=JS)
sent = part(key="part", on_event_change=lambda: None)
st.text(f"changed {sent.event['n'] if sent.event else 0}")
