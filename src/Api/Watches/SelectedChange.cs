using Slipway.Api.Requests;
using Slipway.Model.Resources;
using Slipway.Store;

namespace Slipway.Api.Watches;

/// <summary>What a watcher with a selector sees of a change.</summary>
internal static class SelectedChange
{
    /// <summary>
    /// Null when the change concerns objects outside the selection only. An object that leaves the selection looks
    /// deleted and one that enters it looks added; both carry the version of the change.
    /// </summary>
    public static (ChangeType Type, Resource Resource)? Of(Change change, Selection selection)
    {
        var before = change.Before is not null && selection.Matches(change.Before);
        var after = selection.Matches(change.Resource);
        return change.Type switch
        {
            ChangeType.Added => after ? (ChangeType.Added, change.Resource) : null,
            ChangeType.Deleted => after || before ? (ChangeType.Deleted, change.Resource) : null,
            _ => (before, after) switch
            {
                (true, true) => (ChangeType.Modified, change.Resource),
                (false, true) => (ChangeType.Added, change.Resource),
                (true, false) => (ChangeType.Deleted, change.Before!.With(change.Before.Metadata with
                {
                    ResourceVersion = change.Resource.Metadata.ResourceVersion,
                })),
                _ => null,
            },
        };
    }
}
