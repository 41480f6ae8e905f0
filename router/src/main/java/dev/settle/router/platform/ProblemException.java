package dev.settle.router.platform;

/**
 * Carries a {@link Problem} through a chain of futures to where the answer is written. Has no stack
 * trace.
 */
public final class ProblemException extends RuntimeException {

  private final transient Problem problem;

  public ProblemException(Problem problem) {
    super(problem.code(), null, false, false);
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }
}
