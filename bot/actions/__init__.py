"""What a member, a moderator or the clock does to a group: one plain function of rows each, which is one transaction.

An action reads what it needs, decides, writes, wants the messages that tell of it, notes the change, and returns what
came of it. It waits for nothing and does no I/O; time and random ids come as arguments, and it may be run again. What
it refuses it raises as `Refused(reason, facts)`, which leaves nothing behind; `views.refusals` has the sentence.

`votes` is the pattern of all others. What a member asks for is run by `Store.act`, which knows repeated requests and
strangers; what the program does by itself by `Store.write`.
"""
