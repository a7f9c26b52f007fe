"""Where a group's memory is kept, one package for each database. Each implements `bot.ports.Store`."""
