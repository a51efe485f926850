using Dapr.DurableTask.Protobuf;
using Orchestrator.ControlPlane.Workflows.Schedules;
using static Orchestrator.ControlPlane.Tests.Workflows.Histories.Story;

namespace Orchestrator.ControlPlane.Tests.Workflows.Histories;

/// <summary>The workflow of a schedule.</summary>
internal static class ScheduleStories
{
    public static Story[] All =>
    [
        new("follow-schedule-a-moment-comes", Begin, (0, Next(10)), (10, Fires(1, 10)), (10, Done(2, true))),
        new("follow-schedule-a-moment-has-come-long-ago-and-the-job-does-not-answer",
            Begin, (0, Next(-60)), (1, Done(1, false)), (6, Fires(2, 6))),
        new("follow-schedule-the-schedule-changes", Begin, (0, Next(86_400)), (5, Raised(FollowSchedule.Changed, "0 4 * * *"))),
        new("follow-schedule-nothing-is-heard", Begin, (0, Next(86_400)), (600, Fires(1, 600))),
        new("follow-schedule-the-job-cannot-be-asked", Begin, (1, Fails(0)), (6, Fires(1, 6))),
        new("follow-schedule-there-is-none-any-more", Begin, (0, Done(0, new ScheduleAnswer(null, IsOver: true)))),
    ];

    private static (int, HistoryEvent) Begin =>
        (0, Begins(nameof(FollowSchedule), new FollowedSchedule("web", "*/10 * * * * *")));

    private static HistoryEvent Next(int second) => Done(0, new ScheduleAnswer(Time(second), IsOver: false));
}
