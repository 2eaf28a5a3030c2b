//! pubflow-python
