using System.Globalization;
using System.Text;
using Todo.Api.Dates;
using Todo.Api.Searching;
using Todo.Api.Todos;

namespace Todo.Api.Listing;

/// <summary>A filter as conditions on the table <c>todos t</c>; every value is a parameter.</summary>
internal sealed class TodoConditions(Guid person, DateTimeOffset now, SearchLanguages languages)
{
    private readonly List<object?> _values = [person];

    /// <summary>In the order of their numbers; the first one is the person.</summary>
    public object?[] Values => [.. _values];

    /// <summary>Places a value and answers how the statement names it.</summary>
    public string Value(object? value)
    {
        _values.Add(value);
        return string.Create(CultureInfo.InvariantCulture, $"${_values.Count}");
    }

    /// <param name="without">The facet whose own selection does not count.</param>
    public string Of(TodoFilter filter, string? without = null)
    {
        var text = new StringBuilder(filter.Deleted switch
        {
            DeletedTodos.Hidden => "t.deleted_at is null",
            DeletedTodos.Only => "t.deleted_at is not null and exists (select 1 from lists l where l.id = t.list_id and l.deleted_at is null)",
            _ => "exists (select 1 from lists l where l.id = t.list_id and l.deleted_at is null)",
        });
        if (filter.ListId is { } list)
        {
            text.Append(" and t.list_id = ").Append(Value(list));
        }

        if (filter.ParentId is { } parent)
        {
            text.Append(" and t.parent_id = ").Append(Value(parent));
        }

        if (filter.HasNoParent is { } alone)
        {
            text.Append(alone ? " and t.parent_id is null" : " and t.parent_id is not null");
        }

        if (filter.Tags.Count > 0 && without != "tags")
        {
            text.Append(" and t.tags && ").Append(Value(filter.Tags.ToArray()));
        }

        if (filter.Priorities.Count > 0 && without != "priority")
        {
            text.Append(" and t.priority = any(").Append(Value(filter.Priorities.Select(priority => (short)priority).ToArray())).Append(')');
        }

        if (filter.Categories.Count > 0 && without != "category")
        {
            text.Append(" and t.category = any(").Append(Value(filter.Categories.ToArray())).Append(')');
        }

        if (filter.Completed is { } completed)
        {
            text.Append(completed ? " and t.completed" : " and not t.completed");
        }

        AppendView(text, filter);
        AppendDue(text, ">=", filter.DueFrom);
        AppendDue(text, "<=", filter.DueTo);
        AppendSearch(text, filter.Text);
        return text.ToString();
    }

    /// <summary>A date without a zone is looked at in the reader's own calendar, everything else is a moment.</summary>
    private void AppendView(StringBuilder text, TodoFilter filter)
    {
        var today = LocalMoment.DateOf(now, filter.TimeZone);
        switch (filter.View)
        {
            case TodoView.Today:
                var (start, end) = (LocalMoment.StartOfDay(today, filter.TimeZone), LocalMoment.StartOfDay(today.AddDays(1), filter.TimeZone));
                text.Append(CultureInfo.InvariantCulture, $" and not t.completed and case when t.due_time_zone is null then t.due_date = {Value(today)} else t.due_at >= {Value(start)} and t.due_at < {Value(end)} end");
                break;
            case TodoView.Overdue:
                var wall = TimeOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, filter.TimeZone).DateTime);
                text.Append(CultureInfo.InvariantCulture, $" and not t.completed and case when t.due_time_zone is null then (t.due_date, coalesce(t.due_time, '23:59:59')) < ({Value(today)}, {Value(wall)}) else t.due_at < {Value(now)} end");
                break;
            case TodoView.Upcoming:
                text.Append(CultureInfo.InvariantCulture, $" and not t.completed and case when t.due_time_zone is null then t.due_date > {Value(today)} else t.due_at >= {Value(LocalMoment.StartOfDay(today.AddDays(1), filter.TimeZone))} end");
                break;
            case TodoView.Inbox:
                text.Append(" and t.list_id = (select id from lists where owner_id = $1 and inbox)");
                break;
            case TodoView.Completed:
                text.Append(" and t.completed");
                break;
            default:
                break;
        }
    }

    private void AppendDue(StringBuilder text, string comparison, DueBound? bound)
    {
        if (bound?.Date is { } date)
        {
            text.Append(CultureInfo.InvariantCulture, $" and t.due_date {comparison} {Value(date)}");
        }
        else if (bound?.Moment is { } moment)
        {
            text.Append(CultureInfo.InvariantCulture, $" and t.due_at {comparison} {Value(moment)}");
        }
    }

    private void AppendSearch(StringBuilder text, string? search)
    {
        if (search is null)
        {
            return;
        }

        var words = Value(search);
        text.Append(" and t.search @@ (").AppendJoin(" || ", languages.Names.Select(language => $"websearch_to_tsquery('{language}', {words})"));
        if (SearchText.Prefixed(search) is { } prefixed)
        {
            text.Append(CultureInfo.InvariantCulture, $" || to_tsquery('simple', {Value(prefixed)})");
        }

        text.Append(')');
    }
}
