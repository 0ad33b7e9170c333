using System.CommandLine;
using Slipway.Cli.Terminal;

namespace Slipway.Cli.Events;

/// <summary>Topics, and what happens to the events in them.</summary>
internal static class EventsCommand
{
    public static Command Create(TerminalWriter console) =>
        new("events", "Look into topics, publish, and deal with events that could not be delivered.\n\nExamples:\n  slipway events topics\n  slipway events tail order-events -f\n  slipway events dead order-events\n  slipway events replay order-events inventory --from-time 2026-01-31T12:00:00Z")
        {
            TopicsCommand.Create(console),
            TailCommand.Create(console),
            PublishCommand.Create(console),
            LagCommand.Create(console),
            DeadLetterCommands.List(console),
            DeadLetterCommands.Retry(console),
            DeadLetterCommands.Skip(console),
            ReplayCommand.Create(console),
            PauseCommands.Pause(console),
            PauseCommands.Resume(console),
        };
}
