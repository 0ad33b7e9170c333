namespace Todo.Api.Lists;

internal enum Role
{
    Viewer,
    Editor,
    Owner,
}

/// <summary>A list as it is stored; who may see it stands in its members.</summary>
internal sealed record ListState
{
    public Guid Id { get; set; }

    public Guid OwnerId { get; set; }

    public string Name { get; set; } = "";

    public string? Color { get; set; }

    public bool Inbox { get; set; }

    public long Version { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    public DateTimeOffset? DeletedAt { get; set; }
}

/// <summary>A list and what one person may do with it.</summary>
internal sealed record ListAccess(ListState List, Role Role)
{
    public bool MayWrite => Role >= Role.Editor;
}

internal static class Roles
{
    public static Role Parse(string name) => name switch
    {
        "owner" => Role.Owner,
        "editor" => Role.Editor,
        _ => Role.Viewer,
    };

    public static string Name(this Role role) => role switch
    {
        Role.Owner => "owner",
        Role.Editor => "editor",
        _ => "viewer",
    };
}
