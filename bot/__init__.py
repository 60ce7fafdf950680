"""The after-sales desk: everything but the understanding of language, which is Rasa's."""
