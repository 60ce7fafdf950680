"""What is kept about WeChat: accounts and their tokens, shoppers and what may be sent to them."""
