using Slipway.Sdk.Caching;
using Slipway.Sdk.Notices;
using Titanic.Api.Changes;
using Titanic.Api.Endpoints;

namespace Titanic.Api.Live;

/// <summary>Where commits are made known: remembered answers are forgotten and open streams look anew, here at once and in other instances a moment later.</summary>
internal sealed class PeopleBoard(ResponseCache cache, InstanceNotices others, ChangeSignal signal) : INoticeReader
{
    public const string ChannelName = "titanic_changes";

    /// <summary>This instance has committed it.</summary>
    public void Post(Edit edit)
    {
        var notices = edit.Changes.Select(change => $"{edit.Tenant.Name} {change.Person.Uuid:N}").Distinct(StringComparer.Ordinal).ToList();
        if (edit.Everything)
        {
            others.TellEverything();
            Missed();
        }

        if (notices.Count > 0)
        {
            others.Tell(notices);
            Heard(notices);
        }
    }

    public void Heard(IReadOnlyList<string> notices)
    {
        var tags = new HashSet<string>(StringComparer.Ordinal);
        foreach (var notice in notices)
        {
            var blank = notice.IndexOf(' ', StringComparison.Ordinal);
            if (blank < 0 || !Guid.TryParseExact(notice.AsSpan(blank + 1), "N", out var person))
            {
                Missed();
                return;
            }

            tags.Add(ReadTags.People(notice[..blank]));
            tags.Add(ReadTags.Person(person));
        }

        cache.Forget(tags);
        signal.Give();
    }

    public void Missed()
    {
        cache.Clear();
        signal.Give();
    }

    /// <summary>Nothing remembered is served while nobody would say when it is old.</summary>
    public void Listening(bool hears) => cache.Trusted = hears;
}
