using System.Globalization;
using Slipway.Api.Replies;
using Slipway.Api.Requests;
using Slipway.Model.Failures;

namespace Slipway.Api.Watches;

/// <param name="After">The version to continue from; null means: show what is there first.</param>
internal sealed record WatchParameters(Selection Selection, long? After, bool Bookmarks, bool InitialEvents, TimeSpan TimeLimit)
{
    public static Outcome<WatchParameters> Read(ApiRequest request, ApiOptions options)
    {
        var selection = Selection.Read(request);
        if (selection.Failure is { } wrong)
        {
            return wrong;
        }

        long? after = null;
        var version = request.Query("resourceVersion");
        if (version.Length > 0 && version != "0")
        {
            if (!long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed))
            {
                return Failures.BadRequest($"resourceVersion: invalid resource version \"{version}\"");
            }

            after = parsed;
        }

        var limit = options.WatchTimeLimit;
        var seconds = request.Query("timeoutSeconds");
        if (seconds.Length > 0)
        {
            if (!long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed))
            {
                return Failures.BadRequest($"timeoutSeconds: expected a whole number of seconds, got \"{seconds}\"");
            }

            if (parsed > 0 && parsed < limit.TotalSeconds)
            {
                limit = TimeSpan.FromSeconds(parsed);
            }
        }

        var initial = request.Flag("sendInitialEvents");
        return new WatchParameters(selection.Value, initial ? null : after, request.Flag("allowWatchBookmarks"), initial, limit);
    }
}
