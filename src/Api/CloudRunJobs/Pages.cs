using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Slipway.Api.Replies;
using Slipway.Model.Failures;
using Slipway.Model.Resources;

namespace Slipway.Api.CloudRunJobs;

/// <summary>
/// Lists in pages. The token is the key of the last item that was shown, so the server remembers nothing and a token
/// never goes stale; items that come or go between two pages are seen or missed like in two lists.
/// </summary>
internal static class Pages
{
    /// <param name="items">Sorted by key.</param>
    /// <param name="limitDefault">The page size of a caller that names none; zero for everything.</param>
    public static Reply Cut(
        HttpRequest request, ResourceKind kind, long version, IEnumerable<(string Key, Func<JsonObject> Show)> items, int limitDefault = 0)
    {
        var limitText = request.Query["limit"].ToString();
        var limit = limitDefault;
        if (limitText.Length > 0 && (!int.TryParse(limitText, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit < 0))
        {
            return Failures.BadRequest($"limit: expected a whole number of 0 or more, got \"{limitText}\"");
        }

        limit = limit == 0 ? limitDefault : limit;
        var token = request.Query["continue"].ToString();
        if (token.Length > 0 && !Base64Url.IsValid(token))
        {
            return Failures.BadRequest("continue: the token was not made by this server");
        }

        var after = token.Length == 0 ? "" : Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token));
        var rest = items.Where(item => string.CompareOrdinal(item.Key, after) > 0);
        var page = (limit == 0 ? rest : rest.Take(limit + 1)).ToList();
        var more = limit > 0 && page.Count > limit;
        if (more)
        {
            page.RemoveAt(limit);
        }

        var metadata = new JsonObject { ["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture) };
        if (more)
        {
            metadata["continue"] = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(page[^1].Key));
        }

        return new Reply.Document(new JsonObject
        {
            ["apiVersion"] = kind.ApiVersion,
            ["kind"] = kind.Kind + "List",
            ["metadata"] = metadata,
            ["items"] = new JsonArray([.. page.Select(item => item.Show())]),
            ["unreachable"] = new JsonArray(),
        });
    }
}
