using System.Globalization;
using Slipway.Api.Replies;
using Slipway.Api.Requests;
using Slipway.Model.Resources;
using Slipway.Store;

namespace Slipway.Api.Lists;

/// <summary>Lists at one version, in pages where the caller wants pages.</summary>
internal sealed class ListVerb(IResourceStore store, PagedLists paged)
{
    public Reply Answer(ApiRequest request)
    {
        var selection = Selection.Read(request);
        if (selection.Failure is { } wrong)
        {
            return wrong;
        }

        var limitText = request.Query("limit");
        var limit = 0;
        if (limitText.Length > 0 && (!int.TryParse(limitText, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit < 0))
        {
            return Failures.BadRequest($"limit: expected a whole number of 0 or more, got \"{limitText}\"");
        }

        var question = $"{request.Kind}|{selection.Value}";
        var token = request.Query("continue");
        if (token.Length > 0)
        {
            var next = paged.Next(token, question, limit);
            return next.Failure is { } stale ? stale : new Reply.Many(request.Kind, next.Value);
        }

        var picture = store.List(request.Kind, selection.Value.Namespace.Length == 0 ? null : selection.Value.Namespace);
        IReadOnlyList<Resource> items = [.. picture.Items.Where(selection.Value.Matches)];
        return new Reply.Many(request.Kind, paged.First(new ResourceList(picture.Version, items), question, limit));
    }
}
