using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Slipway.Api.Platform.Answers;

namespace Slipway.Api.Platform.Requests;

/// <summary>A place in a sorted list: the sort key of its neighbour, and on which side of it the page lies.</summary>
internal sealed record Place(IReadOnlyList<string> Key, bool Before);

/// <summary>What a caller asked of a list: how much, and from where.</summary>
internal sealed record PageRequest(int Limit, Place? Place, string Question);

/// <summary>
/// Keyset paging. A cursor is the sort key of an item, signed and bound to caller, path and filters, so it stays good
/// while items come and go and cannot be taken to another list.
/// </summary>
internal sealed class Paging(ReadOnlyMemory<byte> key)
{
    public const int LimitDefault = 50;
    public const int LimitMax = 200;
    private const int CursorLengthMax = 2048;
    private const int SignatureBytes = 16;

    /// <summary>Reads <c>limit</c> and <c>cursor</c>. Call after the filters were read and before the reader is finished.</summary>
    public (PageRequest Request, Problem? Problem) Read(PlatformRequest request, QueryReader query)
    {
        var limit = query.Whole("limit", LimitDefault, 1, LimitMax);
        var cursor = query.Text("cursor");
        var question = QuestionOf(request);
        if (cursor is null)
        {
            return (new PageRequest(limit, null, question), null);
        }

        return Open(cursor, question) is { } place
            ? (new PageRequest(limit, place, question), null)
            : (new PageRequest(limit, null, question), new Problem(400, "cursorMismatch", "The cursor does not belong to this list",
                "A cursor is only good for the list, the filters and the caller it was given to. Start again without it."));
    }

    /// <summary>Cuts one page out of a list that is in memory as a whole.</summary>
    /// <param name="keyOf">Sort key of an item; the list is sorted by it, and no two items share one.</param>
    public Page<T> Cut<T>(IReadOnlyList<T> sorted, PageRequest request, Func<T, IReadOnlyList<string>> keyOf, bool descending = false)
    {
        var start = 0;
        var end = sorted.Count;
        if (request.Place is { } place)
        {
            var passed = 0;
            while (passed < sorted.Count && Compare(keyOf(sorted[passed]), place.Key, descending) < 0)
            {
                passed++;
            }

            var onIt = passed < sorted.Count && Compare(keyOf(sorted[passed]), place.Key, descending) == 0 ? 1 : 0;
            (start, end) = place.Before ? (Math.Max(0, passed - request.Limit), passed) : (passed + onIt, sorted.Count);
        }

        end = Math.Min(end, start + request.Limit);
        var items = sorted.Skip(start).Take(end - start).ToList();
        return new Page<T>(
            items,
            request.Limit,
            items.Count > 0 && end < sorted.Count ? Seal(new Place(keyOf(items[^1]), Before: false), request.Question) : null,
            items.Count > 0 && start > 0 ? Seal(new Place(keyOf(items[0]), Before: true), request.Question) : null);
    }

    public string Seal(Place place, string question)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            writer.WriteBooleanValue(place.Before);
            foreach (var part in place.Key)
            {
                writer.WriteStringValue(part);
            }

            writer.WriteEndArray();
        }

        var payload = buffer.ToArray();
        return Base64Url.EncodeToString([.. Signature(payload, question), .. payload]);
    }

    private Place? Open(string cursor, string question)
    {
        if (cursor.Length > CursorLengthMax || !Base64Url.IsValid(cursor))
        {
            return null;
        }

        var bytes = Base64Url.DecodeFromChars(cursor);
        if (bytes.Length <= SignatureBytes
            || !CryptographicOperations.FixedTimeEquals(bytes.AsSpan(0, SignatureBytes), Signature(bytes.AsSpan(SignatureBytes), question)))
        {
            return null;
        }

        // Signed by us, so it has the shape we gave it.
        using var payload = JsonDocument.Parse(bytes.AsMemory(SignatureBytes));
        var parts = payload.RootElement.EnumerateArray().ToList();
        return new Place([.. parts.Skip(1).Select(part => part.GetString()!)], parts[0].GetBoolean());
    }

    private byte[] Signature(ReadOnlySpan<byte> payload, string question)
    {
        var bound = SHA256.HashData(Encoding.UTF8.GetBytes(question));
        return HMACSHA256.HashData(key.Span, [.. bound, .. payload])[..SignatureBytes];
    }

    private static string QuestionOf(PlatformRequest request) => string.Join('\n',
        [request.Caller.User, request.Http.Request.Path.Value ?? "", .. request.Http.Request.Query
            .Where(pair => pair.Key is not ("limit" or "cursor"))
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => $"{pair.Key}={pair.Value}")]);

    private static int Compare(IReadOnlyList<string> left, IReadOnlyList<string> right, bool descending)
    {
        for (var index = 0; index < Math.Min(left.Count, right.Count); index++)
        {
            var order = string.CompareOrdinal(left[index], right[index]);
            if (order != 0)
            {
                return descending ? -order : order;
            }
        }

        return 0;
    }
}

/// <summary>One page of a list, and the cursors of its neighbours.</summary>
internal sealed record Page<T>(IReadOnlyList<T> Items, int Limit, string? Next, string? Previous);
