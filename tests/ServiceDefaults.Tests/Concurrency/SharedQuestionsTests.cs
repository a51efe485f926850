using Orchestrator.ServiceDefaults.Concurrency;

namespace Orchestrator.ServiceDefaults.Tests.Concurrency;

public sealed class SharedQuestionsTests
{
    private readonly SharedQuestions<string, int> questions = new();
    private readonly List<TaskCompletionSource<int>> asked = [];

    [Fact]
    public async Task Who_comes_while_a_question_is_under_way_is_not_given_its_answer()
    {
        var first = Ask("web");
        var later = Ask("web");
        asked[0].SetResult(1);
        Assert.Equal(1, await first);
        Assert.False(later.IsCompleted);
        (await Second()).SetResult(2);
        Assert.Equal(2, await later);
    }

    [Fact]
    public async Task All_who_came_meanwhile_share_the_next_question()
    {
        var first = Ask("web");
        var later = Enumerable.Range(0, 10).Select(_ => Ask("web")).ToList();
        asked[0].SetResult(1);
        (await Second()).SetResult(2);
        Assert.All(await Task.WhenAll(later), answer => Assert.Equal(2, answer));
        Assert.Equal((1, 2), (await first, asked.Count));
    }

    [Fact]
    public async Task Nobody_is_given_what_was_answered_before_he_came()
    {
        var first = Ask("web");
        asked[0].SetResult(1);
        await first;
        var later = Ask("web");
        (await Second()).SetResult(2);
        Assert.Equal(2, await later);
    }

    [Fact]
    public void Different_questions_do_not_wait_for_each_other()
    {
        _ = Ask("web");
        _ = Ask("db");
        Assert.Equal(2, asked.Count);
    }

    [Fact]
    public async Task What_fails_is_asked_again_by_the_next_in_the_line()
    {
        var first = Ask("web");
        var later = Ask("web");
        asked[0].SetException(new TimeoutException());
        await Assert.ThrowsAsync<TimeoutException>(() => first);
        (await Second()).SetResult(2);
        Assert.Equal(2, await later);
    }

    [Fact]
    public async Task Who_gives_up_takes_nothing_from_the_others()
    {
        using var giveUp = new CancellationTokenSource();
        var first = Ask("web", giveUp.Token);
        var later = Ask("web");
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        (await Second()).SetResult(2);
        Assert.Equal(2, await later);
    }

    private Task<int> Ask(string question, CancellationToken? cancel = null) => questions.Ask(question, token =>
    {
        var answer = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (asked) asked.Add(answer);
        return answer.Task.WaitAsync(token);
    }, cancel ?? TestContext.Current.CancellationToken);

    private async Task<TaskCompletionSource<int>> Second()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (true)
        {
            lock (asked)
            {
                if (asked.Count > 1) return asked[1];
            }

            deadline.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
