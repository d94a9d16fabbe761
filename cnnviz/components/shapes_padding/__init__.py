"""The words for padding side by side, what each drops and invents, and why kernels are odd; sends the settings."""
