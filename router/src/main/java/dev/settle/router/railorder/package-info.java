/**
 * Orders about rails: hold, drain, resume; proposed by one, approved by another, kept in
 * PostgreSQL, where every claim looks. Uses {@code access}, {@code platform} and {@code rail}.
 */
@NullMarked
package dev.settle.router.railorder;

import org.jspecify.annotations.NullMarked;
