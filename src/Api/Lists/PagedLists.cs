using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Slipway.Api.Replies;
using Slipway.Model.Failures;
using Slipway.Store;

namespace Slipway.Api.Lists;

/// <summary>
/// Remembers the pictures that callers page through, so that all pages show one version. Few and short-lived: objects
/// are shared with the store, and a caller whose picture gave way starts again after a 410.
/// </summary>
internal sealed class PagedLists(int pagedListsMax, TimeSpan lifetime, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Paged> _byAge = new();
    private long _lastId;

    private sealed record Paged(long Id, string Question, ResourceList List, DateTimeOffset ExpiresAt);

    public ListPage First(ResourceList list, string question, int limit)
    {
        if (limit == 0 || list.Items.Count <= limit)
        {
            return new ListPage(list.Version, list.Items);
        }

        long id;
        lock (_lock)
        {
            Forget();
            if (_byAge.Count >= pagedListsMax)
            {
                _byAge.RemoveFirst();
            }

            id = ++_lastId;
            _byAge.AddLast(new Paged(id, question, list, time.GetUtcNow() + lifetime));
        }

        return Cut(list, id, 0, limit);
    }

    public Outcome<ListPage> Next(string token, string question, int limit)
    {
        if (Read(token) is not var (id, version, start))
        {
            return Failures.BadRequest("continue: the token was not made by this server");
        }

        Paged? paged;
        lock (_lock)
        {
            Forget();
            paged = _byAge.FirstOrDefault(known => known.Id == id && known.List.Version == version);
        }

        if (paged is null || start > paged.List.Items.Count)
        {
            return Failures.Expired("The provided continue parameter is too old to display a consistent list result. Start the list again without it.");
        }

        return paged.Question != question
            ? Failures.BadRequest("continue: the token belongs to a list of another collection or with other selectors")
            : Cut(paged.List, id, start, limit == 0 ? int.MaxValue : limit);
    }

    private static ListPage Cut(ResourceList list, long id, int start, int limit)
    {
        var count = Math.Min(limit, list.Items.Count - start);
        var end = start + count;
        var remaining = list.Items.Count - end;
        return new ListPage(
            list.Version,
            [.. list.Items.Skip(start).Take(count)],
            remaining == 0 ? "" : Write(id, list.Version, end),
            remaining == 0 ? null : remaining);
    }

    private void Forget()
    {
        var now = time.GetUtcNow();
        while (_byAge.First is { } oldest && oldest.Value.ExpiresAt <= now)
        {
            _byAge.RemoveFirst();
        }
    }

    private static string Write(long id, long version, int start) =>
        Base64Url.EncodeToString(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{version}.{start}")));

    private static (long Id, long Version, int Start)? Read(string token)
    {
        if (token.Length > 128 || !Base64Url.IsValid(token))
        {
            return null;
        }

        var parts = Encoding.ASCII.GetString(Base64Url.DecodeFromChars(token)).Split('.');
        return parts.Length == 3
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            && int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var start)
                ? (id, version, start)
                : null;
    }
}
