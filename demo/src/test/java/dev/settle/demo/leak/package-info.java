/** Looks for account numbers in all that a running demo gives away or leaves behind. */
package dev.settle.demo.leak;
