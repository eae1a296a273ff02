"""The server for a team: everybody sees what the public sees, and whoever signs in what is open to their role."""
