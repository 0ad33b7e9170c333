using Slipway.Sdk.Problems;

namespace Todo.Api;

/// <summary>What this service's own problem codes mean, for the people who meet them.</summary>
internal static class TodoProblems
{
    public static ProblemText[] All { get; } =
    [
        new("unreadableFile", 400, "The file cannot be read", "The file is not what its Content-Type says; the detail names the line.", "Correct the file, or export it again from where it came from."),
        new("alreadyMember", 409, "Already a member", "The address belongs to a member of the list.", "Nothing needs to be done."),
        new("changedSince", 409, "Changed meanwhile", "Somebody changed the same thing after the change you want to undo.", "Look at what it is now and change it by hand."),
        new("inTrash", 409, "The todo is in the trash", "What is in the trash cannot be changed.", "Restore the todo first."),
        new("inbox", 409, "The inbox stays", "Everybody has an inbox, and it cannot be deleted.", "Delete or move the todos in it instead."),
        new("listDeleted", 409, "The list is in the trash", "The list was deleted, and with it what it holds.", "Restore the list first."),
        new("notShareable", 409, "This list cannot be shared", "The inbox, and lists in the trash, belong to their owner alone.", "Move the todos to another list and share that one."),
        new("notUndoable", 409, "Cannot be undone", "The write left nothing behind that could be put back.", "Change it by hand."),
        new("owner", 409, "The owner stays the owner", "A list has one owner, who can neither leave it nor get another role.", "Delete the list instead, or let others make one of their own."),
        new("tooManyLists", 409, "Too many lists", "The bound of lists of one person is reached; those in the trash count.", "Delete lists and empty the trash."),
        new("tooManyMembers", 409, "The list is full", "The bound of members and open invitations is reached.", "Remove members or withdraw invitations first."),
        new("tooManyTodos", 409, "Too many todos for one file", "More todos were chosen than one file holds.", "Export list by list with listId."),
        new("exists", 412, "There is such a todo already", "If-None-Match: * asks for a new todo, and one with this id is there.", "Read what is there, or leave out the id."),
        new("notApplied", 424, "Not applied", "Another operation of the same batch failed, and the batch is all or nothing.", "Correct the operation that failed and send the batch again."),
    ];
}
