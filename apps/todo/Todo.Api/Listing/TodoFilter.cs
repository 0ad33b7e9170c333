using Slipway.Sdk.Requests;
using Todo.Api.Dates;
using Todo.Api.Todos;

namespace Todo.Api.Listing;

internal enum TodoView
{
    All,
    Today,
    Overdue,
    Upcoming,
    Inbox,
    Completed,
}

internal enum DeletedTodos
{
    Hidden,
    Included,
    Only,
}

/// <summary>Which todos somebody wants to see. Values of one field are alternatives, fields narrow each other.</summary>
internal sealed record TodoFilter
{
    public TodoView View { get; private init; }

    /// <summary>Where "today" is looked up.</summary>
    public TimeZoneInfo TimeZone { get; private init; } = TimeZoneInfo.Utc;

    public Guid? ListId { get; private init; }

    public Guid? ParentId { get; private init; }

    public bool? HasNoParent { get; private init; }

    public IReadOnlyList<string> Tags { get; private init; } = [];

    public IReadOnlyList<Priority> Priorities { get; private init; } = [];

    public IReadOnlyList<string> Categories { get; private init; } = [];

    public bool? Completed { get; private init; }

    public string? Text { get; private init; }

    public DueBound? DueFrom { get; private init; }

    public DueBound? DueTo { get; private init; }

    public DeletedTodos Deleted { get; private init; }

    /// <summary>Mistakes are left in the query, which tells them all together.</summary>
    public static TodoFilter Read(Query query)
    {
        var zoneName = query.Text("timeZone", TimeZones.NameMax);
        var zone = TimeZoneInfo.Utc;
        if (zoneName is not null && !TimeZones.TryFind(zoneName, out zone))
        {
            query.Wrong("timeZone", "unknownTimeZone", "timeZone is an IANA name such as Europe/Berlin.");
        }

        return new TodoFilter
        {
            View = Choice(query, "view", ("all", TodoView.All), ("today", TodoView.Today), ("overdue", TodoView.Overdue), ("upcoming", TodoView.Upcoming), ("inbox", TodoView.Inbox), ("completed", TodoView.Completed)),
            TimeZone = zone ?? TimeZoneInfo.Utc,
            ListId = Id(query, "listId"),
            ParentId = Id(query, "parentId"),
            HasNoParent = query.Flag("parentId[isNull]"),
            Tags = query.List("tag"),
            Priorities = ReadPriorities(query),
            Categories = query.List("category"),
            Completed = query.Flag("completed"),
            Text = query.Text("q") is { } text && !string.IsNullOrWhiteSpace(text) ? text : null,
            DueFrom = DueBound.Read(query, "due[gte]"),
            DueTo = DueBound.Read(query, "due[lte]"),
            Deleted = Choice(query, "deleted", ("exclude", DeletedTodos.Hidden), ("include", DeletedTodos.Included), ("only", DeletedTodos.Only)),
        };
    }

    /// <summary>Everything in a list, or everywhere.</summary>
    public static TodoFilter OfList(Guid? list) => new() { ListId = list };

    public static Guid? Id(Query query, string name)
    {
        if (query.Text(name) is not { } text)
        {
            return null;
        }

        if (Guid.TryParseExact(text, "D", out var id))
        {
            return id;
        }

        query.Wrong(name, "notAnId", $"{name} must be an id such as 0198f2c4-7d10-7a55-9c1e-2b6f0a9d4e11.");
        return null;
    }

    private static List<Priority> ReadPriorities(Query query)
    {
        var priorities = new List<Priority>();
        foreach (var name in query.List("priority"))
        {
            if (name is "none" or "low" or "medium" or "high")
            {
                priorities.Add(Enum.Parse<Priority>(name, ignoreCase: true));
            }
            else
            {
                query.Wrong("priority", "notOneOf", "priority must be one of none, low, medium, high.");
            }
        }

        return priorities;
    }

    private static T Choice<T>(Query query, string name, params (string Name, T Value)[] allowed)
    {
        if (query.Text(name) is not { } text)
        {
            return allowed[0].Value;
        }

        foreach (var choice in allowed)
        {
            if (choice.Name == text)
            {
                return choice.Value;
            }
        }

        query.Wrong(name, "notOneOf", $"{name} must be one of {string.Join(", ", allowed.Select(choice => choice.Name))}.");
        return allowed[0].Value;
    }
}

/// <summary>A day, or a moment, that bounds when something is due.</summary>
internal sealed record DueBound(DateOnly? Date, DateTimeOffset? Moment)
{
    public static DueBound? Read(Query query, string name)
    {
        if (query.Text(name) is not { } text)
        {
            return null;
        }

        return text.Length <= 10
            ? query.Date(name) is { } date ? new DueBound(date, null) : null
            : query.Instant(name) is { } moment ? new DueBound(null, moment) : null;
    }
}
