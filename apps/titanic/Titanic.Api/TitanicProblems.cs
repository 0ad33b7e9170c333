using Slipway.Sdk.Problems;

namespace Titanic.Api;

/// <summary>What this service's own problem codes mean, for the people who meet them.</summary>
internal static class TitanicProblems
{
    public static ProblemText[] All { get; } =
    [
        new("notYourTenant", 403, "Not your tenant", "A tenant was named that is not everybody's, and the caller's token has no role for it.",
            "Leave out X-Tenant, or use a token with the role tenant:<name>."),
        new("passengerIdTaken", 409, "The number is taken", "Somebody else has this passengerId, perhaps somebody who was deleted and can still be restored.",
            "Leave passengerId out to get a free one, or change the record that has it."),
        new("onHold", 409, "The record must be kept", "A legal hold is on the record, so it can be neither deleted nor purged.", "An administrator lifts the hold first."),
        new("unreadableFile", 400, "The file cannot be read", "The file is not what its Content-Type says, or its first line names columns nobody knows; the detail says where.",
            "Correct the file. An import that has begun goes on from its offset."),
        new("importExists", 409, "There is such an import", "An import with the id you chose has begun already.", "Read how far it has come, and go on with PUT from its offset."),
        new("otherOffset", 409, "The import is elsewhere", "The file was sent from another byte than the one the import stands at, or the import is done.",
            "Send the rest of the file from the offset in args."),
        new("importCollided", 503, "Temporarily unavailable", "Somebody else wrote the same passenger numbers at the same moment.", "Go on with PUT from the import's offset."),
        new("tooManyStreams", 503, "Too many open streams", "The instance has no room for another live stream.", "Try again in a moment; another instance may have room."),
        new("expandDown", 409, "There are more people already", "The target is below the number of people on the list.", "Choose a higher target; made-up people are only added."),
    ];
}
