using FsCheck;
using FsCheck.Fluent;
using Todo.Monitor.Incidents;

namespace Todo.Monitor.Tests;

public sealed class IncidentDeciderTests
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Three_failures_in_a_row_open_an_incident_dated_to_the_first()
    {
        var steps = Play("down", "down", "down", "down");

        Assert.Equal([(2, (IncidentStep)new IncidentStep.Open(s_start, "no 0"))], steps.Select(step => (step.Minute, step.Step is IncidentStep.Open open ? open with { Cause = "no 0" } : step.Step)));
    }

    [Fact]
    public void The_cause_is_what_was_seen_when_it_opened() =>
        Assert.Equal("no 2", Assert.IsType<IncidentStep.Open>(Assert.Single(Play("down", "down", "down")).Step).Cause);

    [Fact]
    public void Two_failures_are_bad_luck() => Assert.Empty(Play("down", "down", "up", "down", "down", "up"));

    [Fact]
    public void Two_successes_in_a_row_close_it_dated_to_the_first()
    {
        var steps = Play("down", "down", "down", "up", "down", "up", "up");

        Assert.Equal((6, new IncidentStep.Close(s_start.AddMinutes(5))), (steps[1].Minute, steps[1].Step));
    }

    [Fact]
    public void Sleeping_neither_opens_nor_closes_nor_interrupts() =>
        Assert.Equal([3, 6], Play("down", "idle", "down", "down", "up", "idle", "up").Select(step => step.Minute));

    [Fact]
    public void Failures_with_a_long_silence_between_them_are_not_in_a_row()
    {
        var (trail, _) = IncidentDecider.Decide(Trail.New, new(s_start, "down", "x"));
        (trail, _) = IncidentDecider.Decide(trail, new(s_start.AddMinutes(1), "down", "x"));
        var (_, step) = IncidentDecider.Decide(trail, new(s_start.AddMinutes(12), "down", "x"));

        Assert.Null(step);
    }

    [Fact]
    public void A_check_that_was_overtaken_changes_nothing()
    {
        var (trail, _) = IncidentDecider.Decide(Trail.New, new(s_start.AddMinutes(1), "down", "x"));

        Assert.Equal((trail, null), IncidentDecider.Decide(trail, new(s_start, "up", null)));
        Assert.Equal((trail, null), IncidentDecider.Decide(trail, new(s_start.AddMinutes(1), "down", null)));
    }

    /// <summary>The decider remembers little; the reference looks at everything that ever was.</summary>
    [Fact]
    public void It_decides_as_somebody_would_who_remembers_everything() => Properties.Hold(
        Gen.Elements(("up", 1), ("down", 1), ("down", 1), ("idle", 1), ("up", 11), ("down", 9), ("down", 11)).ListOf(),
        steps =>
        {
            var trail = Trail.New;
            var seen = new List<Observation>();
            var open = false;
            var at = s_start;
            foreach (var (status, minutes) in steps)
            {
                at = at.AddMinutes(minutes);
                seen.Add(new(at, status, "x"));
                (trail, var step) = IncidentDecider.Decide(trail, seen[^1]);

                var run = LastRun(seen);
                var opens = !open && run.Count >= 3 && run[0].Status == "down" && status == "down";
                var closes = open && run.Count >= 2 && run[0].Status == "up" && status == "up";
                open = opens || (open && !closes);
                Assert.Equal(open, trail.IncidentOpen);
                Assert.Equal(opens ? run[0].At : null, (step as IncidentStep.Open)?.StartedAt);
                Assert.Equal(closes ? run[0].At : null, (step as IncidentStep.Close)?.EndedAt);
            }
        },
        1000);

    /// <summary>Years of minutes with weather: incidents never overlap, and each was earned.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(300)]
    public void Over_a_year_incidents_never_overlap(int seed)
    {
        var dice = new Random(seed);
        var trail = Trail.New;
        DateTimeOffset? openSince = null, lastEnd = null;
        var (opened, failing) = (0, 0.01);
        for (var at = s_start; at < s_start.AddDays(365); at = at.AddMinutes(dice.NextDouble() < 0.0005 ? dice.Next(2, 120) : 1))
        {
            failing = dice.NextDouble() < 0.002 ? dice.NextDouble() : failing;
            var status = dice.NextDouble() < failing * failing ? "down" : dice.NextDouble() < 0.1 ? "idle" : "up";
            (trail, var step) = IncidentDecider.Decide(trail, new(at, status, "x"));
            switch (step)
            {
                case IncidentStep.Open open:
                    Assert.Null(openSince);
                    Assert.True(open.StartedAt <= at && !(open.StartedAt < lastEnd));
                    openSince = open.StartedAt;
                    opened++;
                    break;
                case IncidentStep.Close close:
                    Assert.True(openSince < close.EndedAt && close.EndedAt <= at);
                    (lastEnd, openSince) = (close.EndedAt, null);
                    break;
            }

            Assert.Equal(openSince is not null, trail.IncidentOpen);
        }

        Assert.True(opened > 10, "The weather was too good to show anything.");
    }

    /// <summary>The newest looks that all say the same, without a long silence among them; idle ones are not looks.</summary>
    private static List<Observation> LastRun(List<Observation> seen)
    {
        var run = new List<Observation>();
        for (var index = seen.Count - 1; index >= 0; index--)
        {
            if (seen[index].Status != "idle")
            {
                if (run.Count > 0 && run[0].Status != seen[index].Status)
                {
                    break;
                }

                run.Insert(0, seen[index]);
            }

            if (index > 0 && seen[index].At - seen[index - 1].At > IncidentDecider.Silence)
            {
                break;
            }
        }

        return run.Count == 0 ? [new(s_start, "none", null)] : run;
    }

    private static List<(int Minute, IncidentStep Step)> Play(params string[] statuses)
    {
        var trail = Trail.New;
        var steps = new List<(int, IncidentStep)>();
        for (var minute = 0; minute < statuses.Length; minute++)
        {
            (trail, var step) = IncidentDecider.Decide(trail, new(s_start.AddMinutes(minute), statuses[minute], $"no {minute}"));
            if (step is not null)
            {
                steps.Add((minute, step));
            }
        }

        return steps;
    }
}
